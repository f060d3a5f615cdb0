/** Training and evaluation on the command line: cached vectors, tables, reports. */
@NullMarked
package dev.turnout.app.evaluation;

import org.jspecify.annotations.NullMarked;
