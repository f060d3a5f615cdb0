package dev.turnout.control.llm;

import dev.turnout.topic.TopicCatalogue;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.jspecify.annotations.Nullable;

/** Makes sure that an LLM's request topic exists before the LLM becomes eligible. */
interface RequestTopics {

  /**
   * Creates the topic where it is missing.
   *
   * @param llm LLM id
   * @param topic name of the topic
   * @return null when the topic is there, else why not, in words
   * @throws InterruptedException when the thread is asked to end
   */
  @Nullable String ensure(String llm, String topic) throws InterruptedException;

  /**
   * Through an Admin client, which the caller closes.
   *
   * @param replication replication factor of new topics; -1 takes the cluster's default
   */
  static RequestTopics through(Admin admin, TopicCatalogue catalogue, short replication) {
    TopicListing listing = new TopicListing(admin);
    return (llm, topic) -> {
      var spec = catalogue.requestsSpec(llm);
      NewTopic wanted = new NewTopic(topic, spec.partitions(), replication).configs(spec.config());
      try {
        if (listing.has(topic)) {
          return null;
        }
        admin.createTopics(List.of(wanted)).all().get(20, TimeUnit.SECONDS);
        return null;
      } catch (ExecutionException e) {
        if (e.getCause() instanceof TopicExistsException) {
          return null;
        }
        if (e.getCause() instanceof TopicAuthorizationException) {
          // a learner looks only; routers create
          return "its request topic "
              + topic
              + " is not there, and this role may not create it: "
              + e.getCause();
        }
        return "its request topic " + topic + " could not be created: " + e.getCause();
      } catch (TimeoutException e) {
        return "its request topic " + topic + " could not be created in time";
      }
    };
  }
}
