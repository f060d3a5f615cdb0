/** How every part of Turnout runs a loop, reads a topic without a group, and makes clients. */
@NullMarked
package dev.turnout.kafka;

import org.jspecify.annotations.NullMarked;
