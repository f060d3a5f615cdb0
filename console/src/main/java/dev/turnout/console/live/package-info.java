/** Keeps open pages up to date by server-sent events. */
@NullMarked
package dev.turnout.console.live;

import org.jspecify.annotations.NullMarked;
