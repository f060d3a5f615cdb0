/** The laboratory's commands; the program finds them when the module is there. */
@NullMarked
package dev.turnout.lab.command;

import org.jspecify.annotations.NullMarked;
