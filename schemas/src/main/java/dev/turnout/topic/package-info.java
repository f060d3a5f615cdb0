/** The one catalogue of topics, from which topics are created and documented. */
@NullMarked
package dev.turnout.topic;

import org.jspecify.annotations.NullMarked;
