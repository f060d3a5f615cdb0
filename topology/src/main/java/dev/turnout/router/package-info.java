/**
 * The router: settings, status, streams configuration, topology. A query passes the rooms intake,
 * encode, decide and emit.
 */
@NullMarked
package dev.turnout.router;

import org.jspecify.annotations.NullMarked;
