/** Client of a Schema Registry: where a schema id on the wire gets its meaning. */
@NullMarked
package dev.turnout.registry;

import org.jspecify.annotations.NullMarked;
