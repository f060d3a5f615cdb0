/** Which LLMs there are, and what the names that clients give them mean. */
@NullMarked
package dev.turnout.gateway.models;

import org.jspecify.annotations.NullMarked;
