package dev.turnout.router.emit;

import dev.turnout.schema.RoutedRequest;
import org.apache.kafka.common.serialization.Serializer;
import org.jspecify.annotations.Nullable;

/**
 * A request with the topic it goes to, fixed at the moment of the decision: the directory may
 * change before the sink looks.
 *
 * @param topic the request topic of the LLM that was chosen, or is asked for grading only
 */
public record AddressedRequest(String topic, RoutedRequest request) {

  /**
   * Writes the request; its address is the topic itself.
   *
   * @param requests closed with this one
   */
  public record ValueSerializer(Serializer<RoutedRequest> requests)
      implements Serializer<AddressedRequest> {

    @Override
    public byte @Nullable [] serialize(String topic, @Nullable AddressedRequest addressed) {
      return addressed == null ? null : requests.serialize(topic, addressed.request());
    }

    @Override
    public void close() {
      requests.close();
    }
  }
}
