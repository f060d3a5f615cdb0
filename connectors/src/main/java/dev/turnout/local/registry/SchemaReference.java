package dev.turnout.local.registry;

/**
 * A type that a schema leaves to another subject.
 *
 * @param name full name of the type
 * @param subject where its schema stands
 * @param version which version of it
 */
record SchemaReference(String name, String subject, int version) {}
