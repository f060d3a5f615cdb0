/** Parts of a try-out installation, in processes of their own. */
@NullMarked
package dev.turnout.app.command.local;

import org.jspecify.annotations.NullMarked;
