/** What administrators do to topics under running jobs, by kafkajs's admin client. */

import { setTimeout as sleep } from 'node:timers/promises'
import {
  AclOperationTypes,
  AclPermissionTypes,
  AclResourceTypes,
  type Admin,
  Kafka,
  logLevel,
  ResourcePatternTypes,
} from 'kafkajs'

export interface Right {
  readonly resource: 'TOPIC' | 'GROUP' | 'TRANSACTIONAL_ID'
  readonly name: string
  readonly operation: 'READ' | 'WRITE'
}

const entryOf = (user: string, { resource, name, operation }: Right) => ({
  resourceType: AclResourceTypes[resource],
  resourceName: name,
  resourcePatternType: ResourcePatternTypes.LITERAL,
  principal: `User:${user}`,
  host: '*',
  operation: AclOperationTypes[operation],
  permissionType: AclPermissionTypes.ALLOW,
})

export class TopicAdmin {
  readonly #admin: Admin

  private constructor(admin: Admin) {
    this.#admin = admin
  }

  static async connect(bootstrap: string): Promise<TopicAdmin> {
    const admin = new Kafka({ brokers: bootstrap.split(','), logLevel: logLevel.NOTHING }).admin()
    await admin.connect()
    return new TopicAdmin(admin)
  }

  async deleteTopic(topic: string): Promise<void> {
    await this.#admin.deleteTopics({ topics: [topic] })
    while ((await this.#admin.listTopics()).includes(topic)) await sleep(50)
  }

  async createTopic(topic: string, numPartitions = 1): Promise<void> {
    // The name is free only when the deletion has come to an end.
    for (let tries = 0; ; tries++) {
      try {
        await this.#admin.createTopics({ topics: [{ topic, numPartitions }], waitForLeaders: true })
        return
      } catch (error) {
        if (tries > 50) throw error
        await sleep(100)
      }
    }
  }

  async recreateTopic(topic: string): Promise<void> {
    await this.deleteTopic(topic)
    await this.createTopic(topic)
  }

  async addPartitions(topic: string, count: number): Promise<void> {
    await this.#admin.createPartitions({ topicPartitions: [{ topic, count }] })
  }

  async deleteRecordsBefore(topic: string, partition: number, offset: number): Promise<void> {
    // kafkajs finds leaders only of topics it has met.
    await this.#admin.fetchTopicOffsets(topic)
    await this.#admin.deleteTopicRecords({ topic, partitions: [{ partition, offset: String(offset) }] })
  }

  async grant(user: string, rights: readonly Right[]): Promise<void> {
    await this.#admin.createAcls({ acl: rights.map(right => entryOf(user, right)) })
    // Brokers follow the controller with a small delay.
    await sleep(300)
  }

  async revoke(user: string, rights: readonly Right[]): Promise<void> {
    await this.#admin.deleteAcls({ filters: rights.map(right => entryOf(user, right)) })
  }

  close(): Promise<void> {
    return this.#admin.disconnect()
  }
}
