package dev.turnout.router.emit;

import dev.turnout.schema.RoutedRequest;

/**
 * A request with the topic it goes to, fixed at the moment of the decision: the directory may
 * change before the sink looks.
 */
public record AddressedRequest(String topic, RoutedRequest request) {}
