/** The topics: names, partitions, retention, and why a record became a dead letter. */
@NullMarked
package dev.turnout.topic;

import org.jspecify.annotations.NullMarked;
