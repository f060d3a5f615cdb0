/** The measures of an evaluation. */
@NullMarked
package dev.turnout.lab.eval.measure;

import org.jspecify.annotations.NullMarked;
