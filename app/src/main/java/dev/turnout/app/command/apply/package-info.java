/** {@code turnout apply}: what an installation is to hold, declared in files. */
@NullMarked
package dev.turnout.app.command.apply;

import org.jspecify.annotations.NullMarked;
