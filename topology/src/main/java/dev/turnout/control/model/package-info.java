/** Which model serves: the models topic, roll-out stages, the swapped snapshot. */
@NullMarked
package dev.turnout.control.model;

import org.jspecify.annotations.NullMarked;
