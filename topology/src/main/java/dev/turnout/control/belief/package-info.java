/** What the learner says since the model was trained. */
@NullMarked
package dev.turnout.control.belief;

import org.jspecify.annotations.NullMarked;
