/** {@code turnout dlq}. */
@NullMarked
package dev.turnout.app.command.dlq;

import org.jspecify.annotations.NullMarked;
