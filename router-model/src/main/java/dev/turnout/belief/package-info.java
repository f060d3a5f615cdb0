/** What grades say of each LLM in each cell since the model was trained. */
@NullMarked
package dev.turnout.belief;

import org.jspecify.annotations.NullMarked;
