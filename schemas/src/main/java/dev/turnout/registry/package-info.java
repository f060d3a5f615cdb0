/** Schemas by id, whatever registry holds them. */
@NullMarked
package dev.turnout.registry;

import org.jspecify.annotations.NullMarked;
