/** Which queries look like the training data: densities over vectors, language and layout. */
@NullMarked
package dev.turnout.model.guard;

import org.jspecify.annotations.NullMarked;
