/** The learner: settings, status, metrics. */
@NullMarked
package dev.turnout.learner;

import org.jspecify.annotations.NullMarked;
