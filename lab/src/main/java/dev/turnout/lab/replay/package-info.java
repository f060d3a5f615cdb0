/** {@code turnout replay}: recorded outcomes through the real topics. */
@NullMarked
package dev.turnout.lab.replay;

import org.jspecify.annotations.NullMarked;
