/** What the tests of the edges share. */
@NullMarked
package dev.turnout.edge;

import org.jspecify.annotations.NullMarked;
