/** A schema registry in this process, with Confluent's API. */
@NullMarked
package dev.turnout.local.registry;

import org.jspecify.annotations.NullMarked;
