/** The registry over HTTP, with Confluent's API. */
@NullMarked
package dev.turnout.registry.rest;

import org.jspecify.annotations.NullMarked;
