/** Cascades judged on recorded answers. */
@NullMarked
package dev.turnout.lab.eval.cascade;

import org.jspecify.annotations.NullMarked;
