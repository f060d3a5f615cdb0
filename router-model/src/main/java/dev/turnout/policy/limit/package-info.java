/** What a query or its tenant rules out before a policy chooses. */
@NullMarked
package dev.turnout.policy.limit;

import org.jspecify.annotations.NullMarked;
