# SPDX-License-Identifier: MIT-0
"""EC2's resource types of a VPC, of which nothing is kept: handlers use this machine's network.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/AWS_EC2.html
"""

import hashlib
from collections.abc import Callable, Mapping
from typing import Any

from ...environment import environment
from ..resource import Create, Resource, ResourceType, StackContext
from ..templates.physical_resource import PhysicalResource

Attributes = Callable[[Resource, str], Mapping[str, Any]]


def _id(prefix: str, resource: Resource, context: StackContext) -> str:
    """An id as EC2 makes them; the same at each deployment."""
    text = f"{context.stack.name}/{resource.logical_id}"
    return f"{prefix}-{hashlib.sha256(text.encode()).hexdigest()[:17]}"


def _named(prefix: str, attributes: Attributes) -> Create:
    def create(resource: Resource, context: StackContext) -> PhysicalResource:
        ref = _id(prefix, resource, context)
        return PhysicalResource(ref, attributes(resource, ref))

    return create


def _of_vpc(resource: Resource, ref: str) -> Mapping[str, Any]:
    return {
        "CidrBlock": resource.of("CidrBlock", "10.0.0.0/16"),
        "DefaultNetworkAcl": ref.replace("vpc-", "acl-"),
        "DefaultSecurityGroup": ref.replace("vpc-", "sg-"),
        "VpcId": ref,
    }


def _of_subnet(resource: Resource, ref: str) -> Mapping[str, Any]:
    return {
        "AvailabilityZone": resource.of("AvailabilityZone", f"{environment().region}a"),
        "CidrBlock": resource.of("CidrBlock"),
        "SubnetId": ref,
        "VpcId": resource.of("VpcId"),
    }


def _of_group(resource: Resource, ref: str) -> Mapping[str, Any]:
    return {"GroupId": ref, "Id": ref, "VpcId": resource.of("VpcId")}


def _by(*names: str) -> Attributes:
    """Attributes whose value is the id."""
    return lambda _resource, ref: dict.fromkeys(names, ref)


_RULE = (
    "CidrIp CidrIpv6 Description DestinationPrefixListId DestinationSecurityGroupId FromPort "
    "GroupId GroupName IpProtocol SourcePrefixListId SourceSecurityGroupId "
    "SourceSecurityGroupName SourceSecurityGroupOwnerId ToPort"
)
# The id's prefix, the attributes, and the properties: all of them change nothing here.
_ROWS: Mapping[str, tuple[str, Attributes, str]] = {
    "EIP": (
        "eipalloc",
        _by("AllocationId"),
        "Address Domain InstanceId PublicIpv4Pool Tags TransferAddress",
    ),
    "InternetGateway": ("igw", _by("InternetGatewayId"), "Tags"),
    "NatGateway": (
        "nat",
        _by("NatGatewayId"),
        "AllocationId ConnectivityType MaxDrainDurationSeconds SubnetId Tags VpcId",
    ),
    "Route": (
        "r",
        _by(),
        "CarrierGatewayId DestinationCidrBlock DestinationIpv6CidrBlock DestinationPrefixListId "
        "EgressOnlyInternetGatewayId GatewayId NatGatewayId NetworkInterfaceId RouteTableId "
        "TransitGatewayId VpcEndpointId VpcPeeringConnectionId",
    ),
    "RouteTable": ("rtb", _by("RouteTableId"), "Tags VpcId"),
    "SecurityGroup": (
        "sg",
        _of_group,
        "GroupDescription GroupName SecurityGroupEgress SecurityGroupIngress Tags VpcId",
    ),
    "SecurityGroupEgress": ("sgr", _by("Id"), _RULE),
    "SecurityGroupIngress": ("sgr", _by("Id"), _RULE),
    "Subnet": (
        "subnet",
        _of_subnet,
        "AssignIpv6AddressOnCreation AvailabilityZone AvailabilityZoneId CidrBlock EnableDns64 "
        "Ipv6CidrBlock Ipv6Native MapPublicIpOnLaunch PrivateDnsNameOptionsOnLaunch Tags VpcId",
    ),
    "SubnetRouteTableAssociation": ("rtbassoc", _by("Id"), "RouteTableId SubnetId"),
    "VPC": (
        "vpc",
        _of_vpc,
        "CidrBlock EnableDnsHostnames EnableDnsSupport InstanceTenancy Ipv4IpamPoolId "
        "Ipv4NetmaskLength Tags",
    ),
    "VPCEndpoint": (
        "vpce",
        _by("Id"),
        "DnsOptions IpAddressType PolicyDocument PrivateDnsEnabled RouteTableIds "
        "SecurityGroupIds ServiceName SubnetIds Tags VpcEndpointType VpcId",
    ),
    "VPCGatewayAttachment": ("attach", _by(), "InternetGatewayId VpcId VpnGatewayId"),
}
TYPES = {
    f"AWS::EC2::{name}": ResourceType.of(_named(prefix, attributes), "", properties)
    for name, (prefix, attributes, properties) in _ROWS.items()
}
