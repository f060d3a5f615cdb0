/** Files of rows for other programs: JSON Lines and Parquet. */
@NullMarked
package dev.turnout.connect.rows;

import org.jspecify.annotations.NullMarked;
