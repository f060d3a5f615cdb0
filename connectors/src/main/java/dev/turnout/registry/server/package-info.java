/**
 * A Schema Registry inside the program: the same REST API as the usual one, so that any client can
 * read the topics of an installation that has no registry of its own.
 */
@NullMarked
package dev.turnout.registry.server;

import org.jspecify.annotations.NullMarked;
