/** Who may do what: the rights on topics and groups that each role needs. */
@NullMarked
package dev.turnout.access;

import org.jspecify.annotations.NullMarked;
