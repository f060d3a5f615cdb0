package dev.turnout.router;

import dev.turnout.schema.RoutedRequest;

/**
 * A request with the topic it goes to, fixed at the moment of the decision: the directory may
 * change before the sink looks.
 */
record AddressedRequest(String topic, RoutedRequest request) {}
