/** Following the compacted topics that steer routers. */
@NullMarked
package dev.turnout.control;

import org.jspecify.annotations.NullMarked;
