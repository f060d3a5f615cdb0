/** What a model expects an answer to take, in money and in tokens. */
@NullMarked
package dev.turnout.model.cost;

import org.jspecify.annotations.NullMarked;
