/** Which LLMs can answer at present, as their workers find it. */
@NullMarked
package dev.turnout.control.availability;

import org.jspecify.annotations.NullMarked;
