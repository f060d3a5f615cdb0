/** Files of OpenAI's batch API: requests in, results out. */
@NullMarked
package dev.turnout.connect.batch;

import org.jspecify.annotations.NullMarked;
