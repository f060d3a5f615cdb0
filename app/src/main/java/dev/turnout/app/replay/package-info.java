/** Replaying recorded outcomes as a live stream with partial feedback through the real topics. */
@NullMarked
package dev.turnout.app.replay;

import org.jspecify.annotations.NullMarked;
