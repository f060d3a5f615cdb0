/** The gateway's endpoints: each reads a request, and answers it when it can. */
@NullMarked
package dev.turnout.gateway.endpoint;

import org.jspecify.annotations.NullMarked;
