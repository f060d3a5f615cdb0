/** {@code turnout export}: what was graded, as an outcomes data set. */
@NullMarked
package dev.turnout.app.command.export;

import org.jspecify.annotations.NullMarked;
