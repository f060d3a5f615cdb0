/** Selection policies: functions from scores to a choice with its propensity. */
@NullMarked
package dev.turnout.policy;

import org.jspecify.annotations.NullMarked;
