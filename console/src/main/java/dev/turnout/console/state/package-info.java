/** What the console knows, read from the topics: bounded, and rebuilt from them at every start. */
@NullMarked
package dev.turnout.console.state;

import org.jspecify.annotations.NullMarked;
