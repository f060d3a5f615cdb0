/** Configuration: keys with defaults, read from file, environment and command line into records. */
@NullMarked
package dev.turnout.app.config;

import org.jspecify.annotations.NullMarked;
