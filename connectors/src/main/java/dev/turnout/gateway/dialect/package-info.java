/** What the gateway's APIs have in common: each is a pair of translators to and from one chat. */
@NullMarked
package dev.turnout.gateway.dialect;

import org.jspecify.annotations.NullMarked;
