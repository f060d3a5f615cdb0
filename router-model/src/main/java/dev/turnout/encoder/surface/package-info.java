/** What can be read off a text without understanding it, from which its difficulty is learnt. */
@NullMarked
package dev.turnout.encoder.surface;

import org.jspecify.annotations.NullMarked;
