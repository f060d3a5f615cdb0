/**
 * Following and publishing what all routers share through topics: router models and LLM profiles.
 */
@NullMarked
package dev.turnout.follow;

import org.jspecify.annotations.NullMarked;
