/** What feedback adds to the model: posteriors, followed and blended into the candidates. */
@NullMarked
package dev.turnout.control.belief;

import org.jspecify.annotations.NullMarked;
