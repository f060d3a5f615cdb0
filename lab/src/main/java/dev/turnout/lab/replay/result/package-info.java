/** What a replay found, beside its baselines. */
@NullMarked
package dev.turnout.lab.replay.result;

import org.jspecify.annotations.NullMarked;
