/** Members of groups that handle many records at once, each as soon as a slot is free. */
@NullMarked
package dev.turnout.kafka.member;

import org.jspecify.annotations.NullMarked;
