/** What the terminal sees: help, errors, tables, the JSON line, log level. */
@NullMarked
package dev.turnout.app.console;

import org.jspecify.annotations.NullMarked;
