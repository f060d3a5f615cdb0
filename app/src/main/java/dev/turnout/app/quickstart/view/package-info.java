/** What the quickstart shows while it runs. */
@NullMarked
package dev.turnout.app.quickstart.view;

import org.jspecify.annotations.NullMarked;
